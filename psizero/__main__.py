"""`python -m psizero` is the same as the command `psizero`."""

from psizero.cli.main import main

if __name__ == "__main__":
    main()
