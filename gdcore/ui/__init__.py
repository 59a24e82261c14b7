"""The pages' shared parts, and the only part of gdcore that imports streamlit."""
