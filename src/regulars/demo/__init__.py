"""What the demo ships: a cut of real orders with its credit, generated names, and a programme."""
