"""The plainest relay of pynetdicom: each instance is sent on, over an association of its own, before it is answered.

Usage: relay.py PORT DESTINATION_PORT
"""
import sys

from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE, _config, build_context, evt

port, destination = map(int, sys.argv[1:])
onward = {}
_config.LOG_HANDLER_LEVEL = "none"


def association(incoming):
    if incoming not in onward:
        ae = AE("RELAY")
        ae.maximum_pdu_size = 0
        ae.requested_contexts = [
            build_context(context.abstract_syntax, ExplicitVRLittleEndian) for context in incoming.accepted_contexts]
        onward[incoming] = ae.associate("127.0.0.1", destination, ae_title="SINK", max_pdu=0)
    return onward[incoming]


def store(event):
    dataset = event.dataset
    dataset.file_meta = event.file_meta
    return association(event.assoc).send_c_store(dataset).get("Status", 0xA700)


def ended(event):
    if event.assoc in onward:
        onward.pop(event.assoc).release()


ae = AE("RELAY")
ae.maximum_pdu_size = 0
ae.add_supported_context("1.2.840.10008.5.1.4.1.1.2", ExplicitVRLittleEndian)
ae.start_server(("127.0.0.1", port), evt_handlers=[
    (evt.EVT_C_STORE, store), (evt.EVT_RELEASED, ended), (evt.EVT_ABORTED, ended)])
