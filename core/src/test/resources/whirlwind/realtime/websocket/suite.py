"""Runs the Autobahn suite, which is Python 2, under Jython: client SPEC | server SPEC"""
import json
import sys

from autobahntestsuite import choosereactor, fuzzing
from twisted.internet import reactor

mode, spec = sys.argv[1], json.loads(sys.argv[2])
if mode == "client":
    fuzzing.startClient(spec)
else:
    factory = fuzzing.FuzzingServerFactory(spec)
    port = reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port
    factory.setSessionParameters(url="ws://127.0.0.1:%d" % port)
    print "listening on %d" % port
    sys.stdout.flush()
reactor.run()
