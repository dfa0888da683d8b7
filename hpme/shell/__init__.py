"""The shell: commands, their inputs and their output."""
