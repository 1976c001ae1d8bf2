"""The worker: takes a job, has its engine make the work, stores the files, and says how it ended.

`running` is the way through; `presence` tells that the process lives. All but `presence` load torch.
"""
