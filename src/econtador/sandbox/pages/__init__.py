"""The sandbox as a person sees it: pages in Portuguese, without script, served beside the API.

``site`` says which view answers where and what a browser is told; the views are functions of a visit and the store.
"""
