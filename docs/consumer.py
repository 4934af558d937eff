"""Prints what the hub says on one queue of the bus, and takes it off:  consumer.py SECRET-FILE QUEUE"""

import json
import sys

from proton.utils import BlockingConnection

secret, queue = sys.argv[1:]
with open(secret) as file:
    password = file.readline().strip()
user = secret.rsplit("bus.", 1)[1]  # the file bus.workflow is the password of the consumer workflow

connection = BlockingConnection("amqp://127.0.0.1:5672", user=user, password=password, allowed_mechs="PLAIN")
receiver = connection.create_receiver(queue)
while True:
    message = receiver.receive(timeout=None)
    event = json.loads(bytes(message.body))
    # Work on it here. It may come twice: an id that was done before is accepted and left alone.
    print(json.dumps(event, indent=2), flush=True)
    receiver.accept()
