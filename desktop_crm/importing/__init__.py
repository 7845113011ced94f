"""How a sheet of anybody becomes rows of the shop."""
