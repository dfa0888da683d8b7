"""Additions to Streamlit's server: headers and sign-in."""
