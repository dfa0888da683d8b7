"""HPME as pure functions of tensors."""
