"""`python -m bd1` and the `bd1` command. Nothing but the way into the command line."""

from bd1.cli import main

if __name__ == "__main__":
    main()
