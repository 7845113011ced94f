"""The files that shops bring, made afresh by the tests that need them, with an oracle of counts and of fields.

people.py says who is in them, programs.py how other programs write such people down, containers.py in which kinds of
files, oracle.py what the shop must know afterwards. Files of single traps are beside the code that meets them
(tests/files/, tests/importing/).
"""
