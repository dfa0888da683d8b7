"""What the server adds to Streamlit: headers and sign-in."""
