import {
  type FieldBuilder,
  type IssuedTicket,
  idOfObject,
  type LongshoreBuilder,
  type MutationSuccess,
  type MutationTarget,
  NotFoundError,
  type OperationHandle,
  origin,
  type RequestContext,
  registerMutation,
  resolveNode,
  subjectOf,
  type TerminalSubject,
  terminalTicket,
  typeRef,
} from 'longshore/sdk';
import { type PodObject, podKind, podTypeRef } from '../api.ts';
import { checkContainer, prepareTerminal } from '../services/prepare-terminal.ts';
import {
  checkCommand,
  checkSize,
  commandOf,
  type TerminalShell,
  terminalShells,
} from '../services/terminal-command.ts';

interface Ticket {
  readonly ticket: IssuedTicket;
  readonly subject: TerminalSubject;
}

interface Terminal {
  readonly pod: PodObject;
  /** Undefined in a dry run and for a repeated answer: a ticket is shown once. */
  readonly ticket: Ticket | undefined;
}

const ticketRef = typeRef<Ticket>('TerminalTicket');

/** Terminals in containers (CMP-109): a mutation hands out the ticket with which the WebSocket is opened. */
export function registerOpenTerminal(builder: LongshoreBuilder): void {
  registerTicket(builder);
  const shell = builder.enumType('TerminalShell', {
    description: 'What a terminal runs.',
    values: Object.fromEntries(
      Object.entries(terminalShells).map(([name, description]) => [name, { description }]),
    ) as Record<TerminalShell, { description: string }>,
  });
  const success = {
    description: 'The ticket for a WebSocket on `/terminal`. How it is spoken there stands in the README.',
    fields: terminalFields,
  };
  const size = { columns: 80, rows: 24 };
  registerMutation(builder, {
    name: 'openTerminal',
    description:
      'Hands out a ticket for a terminal in a running container: a shell or a command of its own. The terminal has an operation record of its own (`TERMINAL`), from its beginning to its end.',
    allow: { action: 'EXEC', subject: subjectOf(podKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The pod's id." }),
      container: t.string({ description: 'The container; without it the one annotated as default, else the first.' }),
      shell: t.field({
        type: shell,
        required: true,
        defaultValue: 'AUTO',
        description: 'The shell to open it with. No meaning with `command`.',
      }),
      command: t.stringList({
        description:
          'A command instead of a shell: a program and its arguments, 1 to 64 words. It stands in the operation record, so it must not hold secrets.',
      }),
      columns: t.int({
        required: true,
        defaultValue: size.columns,
        description: 'Its width in characters, 1 to 1000.',
      }),
      rows: t.int({ required: true, defaultValue: size.rows, description: 'Its height in lines, 1 to 1000.' }),
    }),
    validate: (input) => [...checkCommand(input.command), ...checkSize(input)],
    load: ({ id }, context) => loadPod(String(id), context),
    check: ({ container }, pod) => checkContainer(pod, container),
    run: (input, pod, operation, context) => {
      const command = commandOf(input.shell, input.command ?? undefined, pod);
      return issue(pod, { ...input, command }, operation, context);
    },
    success,
    replay: repeat,
  });
  registerMutation(builder, {
    name: 'attachTerminal',
    description:
      "Hands out a ticket for a terminal on a container's own process: what it writes from now on, and its input where the container has `stdin`. Signals and sizes reach it where it has `tty`.",
    allow: { action: 'ATTACH', subject: subjectOf(podKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The pod's id." }),
      container: t.string({ description: 'The container; without it the one annotated as default, else the first.' }),
      columns: t.int({
        required: true,
        defaultValue: size.columns,
        description: 'Its width in characters, 1 to 1000.',
      }),
      rows: t.int({ required: true, defaultValue: size.rows, description: 'Its height in lines, 1 to 1000.' }),
    }),
    validate: (input) => checkSize(input),
    load: ({ id }, context) => loadPod(String(id), context),
    check: ({ container }, pod) => checkContainer(pod, container),
    run: (input, pod, operation, context) => issue(pod, { ...input, command: undefined }, operation, context),
    success,
    replay: repeat,
  });
}

async function issue(
  pod: PodObject,
  asked: Parameters<typeof prepareTerminal>[1],
  operation: OperationHandle,
  { principal, services }: RequestContext,
) {
  const { cluster } = pod[origin];
  const profile = services.profiles.at({ cluster, namespace: pod.metadata.namespace });
  const subject = prepareTerminal({ pod, target: targetOf(pod), profile }, asked);
  const ticket = operation.isDryRun
    ? undefined
    : { ticket: await services.tickets.issue(principal, terminalTicket, subject), subject };
  return { value: { pod, ticket } satisfies Terminal, resultId: idOfObject(pod) };
}

function targetOf(pod: PodObject): TerminalSubject['target'] {
  const { namespace = '', name } = pod.metadata;
  return {
    plugin: 'compute',
    type: 'Pod',
    id: idOfObject(pod),
    cluster: pod[origin].cluster,
    namespace,
    kind: 'Pod',
    name,
  };
}

async function loadPod(id: string, context: RequestContext): Promise<MutationTarget<PodObject>> {
  const node = await resolveNode(id, context);
  if (!isPod(node)) throw new NotFoundError('There is no pod with this id');
  return { value: node, instance: node as never, record: targetOf(node) };
}

function isPod(node: unknown): node is PodObject {
  if (typeof node !== 'object' || node === null || !(origin in node)) return false;
  const { group, kind } = (node as PodObject)[origin];
  return group === podKind.group && kind === podKind.kind;
}

const repeat = (node: unknown): Terminal | null => (isPod(node) ? { pod: node, ticket: undefined } : null);

function registerTicket(builder: LongshoreBuilder): void {
  builder.objectType(ticketRef, {
    description: 'What opens a terminal, once.',
    fields: (t) => ({
      value: t.string({
        description:
          'The ticket: the WebSocket is opened with the subprotocol `ticket.<value>` beside the one that is spoken.',
        resolve: ({ ticket }) => ticket.value,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'Until when the WebSocket must be opened.',
        resolve: ({ ticket }) => ticket.expiresAt,
      }),
      path: t.string({
        description: "Where the WebSocket is opened, on the gateway's own address.",
        resolve: () => '/terminal',
      }),
      container: t.string({ description: 'The container.', resolve: ({ subject }) => subject.container }),
      idleTimeoutSeconds: t.int({
        nullable: true,
        description:
          'After how many seconds in which nothing happens it is closed: `terminal.idleTimeoutSeconds` of the profile; null where that sets no limit.',
        resolve: ({ subject }) => (subject.idleMs === null ? null : subject.idleMs / 1_000),
      }),
    }),
  });
}

function terminalFields(t: FieldBuilder<MutationSuccess<Terminal>>) {
  return {
    pod: t.field({ type: podTypeRef, description: 'The pod.', resolve: ({ value }) => value.pod }),
    ticket: t.field({
      type: ticketRef,
      nullable: true,
      description: 'The ticket, shown this once. Null in a dry run, and where the answer repeats an earlier one.',
      resolve: ({ value }) => value.ticket ?? null,
    }),
  };
}
