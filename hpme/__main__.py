"""Lets ``python -m hpme`` open the shell."""

from hpme.shell.cli import app

if __name__ == "__main__":
    app(prog_name="hpme")
