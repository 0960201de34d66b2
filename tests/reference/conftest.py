"""The scripts that make the tables are no tests."""

collect_ignore_glob = ["*.py"]  # scripts and what they share; the tests only read the tables
