"""Sets up gunicorn, which reads this file in the folder where it starts."""

# The headers by which a proxy may change the path: none. A proxy passes SCRIPT_NAME on from any client, and gunicorn answers
# 500 if the path does not begin with it. An operator sets SCRIPT_NAME in the environment.
forwarder_headers = ""
