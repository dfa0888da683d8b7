"""HPME: why did a graph neural network predict this?"""
