"""Feeds: following them, fetching their pages, and archiving all of it.

In the order in which data flows:

- subscription, alert, schedule: values, and when something is due (pure)
- state/: the SQLite file of subscriptions, entries, pages, hosts and alerts
- refresher: the loop over what is due; dispatcher: polite requests, and outcomes put on disk
- admission: whether a request may be sent (pure)
- tasks: what a task and its outcome are; feed_task, page_task, robots_task: the decisions (pure)
- feed_answers, page_answers, http_answers: what an answer is (pure)
- bounded_reader: parsing in bounded time
- entry_changes: new and changed entries (pure)
- intents: changes of the state as data, and the function that applies them
- archive, records, durable: WARC files that only grow
- opml: exchange of subscriptions with other readers
"""
