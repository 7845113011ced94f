"""Carrying out what the shop knows; the door is orders.py."""
