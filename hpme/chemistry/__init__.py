"""What files and datasets know of molecules."""
