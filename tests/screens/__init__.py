"""Every page and dialog as a picture, to be looked at: `python -m tests.screens OUT [PAGE…]`."""
