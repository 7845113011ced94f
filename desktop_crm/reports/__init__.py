"""What the owner prints: a neutral Document, saved as PDF or workbook."""
