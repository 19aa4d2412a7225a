"""Runs the Autobahn suite, which is Python 2, under Jython, at both ends: suite.py SERVER-SPEC CLIENT-SPEC"""
import json
import sys

from autobahntestsuite import choosereactor, fuzzing
from twisted.internet import reactor


def say(text):
    print text
    sys.stdout.flush()


def quietly(factory):
    """Without a log of all bytes, which takes its time; that of frames is looked at by a case."""
    factory.logOctets = False
    return factory


# Of the reports the verdicts alone, for the others take longer than the cases; and no end when the server has had its cases: the client may not be so far.
fuzzing.FuzzingFactory.createReports = lambda factory: factory.createMasterReportJSON(factory.outdir)
reactor.stop = lambda: say("the server has had its cases")

of_server, of_client = json.loads(sys.argv[1]), json.loads(sys.argv[2])
quietly(fuzzing.FuzzingClientFactory(of_server))
for_client = quietly(fuzzing.FuzzingServerFactory(of_client))
port = reactor.listenTCP(0, for_client, interface="127.0.0.1").getHost().port
for_client.setSessionParameters(url="ws://127.0.0.1:%d" % port)
say("listening on %d" % port)
reactor.run()
