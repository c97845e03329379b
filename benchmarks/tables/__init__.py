"""What benchmarks print: rows of accuracy, figures of speed, contact sheets of errors."""
