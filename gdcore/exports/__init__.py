"""What leaves the program: CSV, JSON and text, each as the contract has it."""
