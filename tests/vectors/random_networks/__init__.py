"""Random networks that are C# declarations and PyTorch programs at once; ../networks.py trains them."""
