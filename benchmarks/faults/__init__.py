"""Faults that the program must survive, tried at random: run with `python -m benchmarks.faults`.

Offers main (__main__). The rows: kills (kills, sweeps), failing calls of the system
(failing_calls), damaged files (mutations), hostile input (hostile), several processes (processes),
odd surroundings (surroundings, installs), long use of the window (long_use). Each but the last
tries what `operations` does in a `home`, and checks what must hold (`home.check`).
"""
