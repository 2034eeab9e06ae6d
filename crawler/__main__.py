"""`python -m crawler`: the same as `nianbao`."""

from crawler.commands.cli import main

if __name__ == "__main__":
    main()
