# What `flask` commands work on. wsgi.py is for servers: it reads at once what the first visitor would wait for.
FLASK_APP=portal.app:create_app
