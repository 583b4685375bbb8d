"""The app for any WSGI server: ``gunicorn wsgi:app``."""

from orderboard import create_app

app = create_app()
