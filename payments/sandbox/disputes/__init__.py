"""Disputes: a payer goes to the bank. Test cards bring them, and the evidence's words decide them.

needs_response ──evidence──▶ under_review ──▶ won | lost      (no answer in time: lost)
warning_needs_response ──evidence──▶ warning_under_review ──▶ warning_closed
                       └─escalate_inquiry_evidence──▶ needs_response

opening     what the test cards bring: disputes, inquiries, early fraud warnings
deciding    evidence, decisions, the money that goes and comes back
calls       the endpoints
"""
