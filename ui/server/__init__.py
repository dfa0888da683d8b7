"""Additions to Streamlit's server: who is answered, what is heard and taken, and what is sent with it."""
