"""What a bad day does to a shop: the program killed, the power cut, the disk full; and that nothing acknowledged goes.

A worker process (worker.py) does what the features do and says after each step what now holds (said.py). Killed, it is
opened again (test_kills.py). For power cuts a preloaded library (recorder.c) notes its file operations, and disk.py
makes of them what a disk may hold afterwards (test_power_cuts.py); the same library lets single operations fail
(test_disk_full.py). `python -m tests.faults` runs more of the same than the suite does.
"""
