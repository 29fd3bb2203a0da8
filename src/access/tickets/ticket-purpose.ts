import type { ZodType } from 'zod';

/** What tickets can be good for, and what one of them says. Compared by name. */
export interface TicketPurpose<Subject> {
  /** e.g. `terminal`. */
  readonly name: string;
  readonly parse: (value: unknown) => Subject;
}

/** Names a purpose; `subject` is what a ticket of it says: names of things, never secrets, and JSON alone. */
export function ticketPurpose<Subject>(name: string, subject: ZodType<Subject>): TicketPurpose<Subject> {
  return { name, parse: (value) => subject.parse(value) };
}
