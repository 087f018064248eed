/** What is said after something was done with service requests. */
export type RequestText =
  | 'requests.table.exported'
  | 'requests.move.changed'
  | 'requests.move.overruled'
  | 'requests.thread.linked'
  | 'requests.thread.unlinked'
  | 'requests.thread.overruled'
  | 'requests.create.done'
  | 'requests.create.duplicate';
