"""The only write path: runs of the indexer, the catalogue, and the versions of articles.

indexer: which files a run reads. intake: one run under the writer's lock, which applies what
file_intake (articles of a file) and identity (fetched articles) decide. catalogue: which file gave
which article. versions: an article's past. report: the counts of a run. check: consistency.
"""
