"""A service small enough for tests: answers every request with what its release says, as it says.

Run in a release whose service.txt holds "MODE TEXT". Takes the socket and the readiness pipe from the
agent like cockpit_serve.py does, and leaves like it: gently on SIGTERM.
"""

import os
import pathlib
import signal
import socket
import sys
import time

signal.signal(signal.SIGINT, signal.SIG_DFL)
ready = int(os.environ["COCKPIT_READY_FD"])
mode, text = pathlib.Path("service.txt").read_text().split(" ", 1)
sys.stderr.write(f"{text} begins\n")
if mode == "crash":
    sys.exit("ValueError: it cannot start")
if mode == "parent" and os.fork() == 0:
    time.sleep(600)
if mode == "never":
    os.write(ready, b"503\n")
    time.sleep(600)
if mode == "late":
    time.sleep(0.6)
leaving = False


def leave(number, frame):
    global leaving
    leaving = True


signal.signal(signal.SIGTERM, leave)
listener = socket.socket(fileno=int(os.environ["COCKPIT_LISTEN_FD"]))
listener.settimeout(0.05)
listener.listen(64)
os.write(ready, b"ready\n")
while not leaving:
    try:
        connection, _ = listener.accept()
    except OSError:
        continue
    connection.settimeout(2)
    with connection:
        connection.recv(4096)
        body = f"{text} {os.getpid()} {os.environ.get('COCKPIT_TRIAL', '')}".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)
listener.close()
os.write(ready, b"left\n")
