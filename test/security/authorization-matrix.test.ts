import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { allQuestions, expectedOutcome, type Outcome, type Question } from './support/cells.ts';
import { countedPlaces, type GuardedField, guardedFields, placesThatAsk } from './support/guarded-fields.ts';
import type { Caller } from './support/principals.ts';
import { type Answer, overHttp, overWebSocket, type Transport } from './support/transports.ts';
import { startWorld, type Thing, type World } from './support/world.ts';

/** One cell of the matrix with what came of it. */
interface Cell {
  readonly caller: Caller;
  readonly transport: string;
  readonly question: Question;
  readonly expected: Outcome;
  /** The whole answer to this question, errors included, as JSON. */
  readonly text: string;
}

let world: World;
let questions: readonly Question[];
let cells: readonly Cell[] = [];

beforeAll(async () => {
  world = await startWorld();
  questions = allQuestions(world);
  cells = await askEverything();
}, 600_000);

afterAll(() => world?.[Symbol.asyncDispose]());

describe('authorization matrix', () => {
  it('asks every root field of the schema', () => {
    const asked = new Set(questions.map(({ root }) => `${root.type}.${root.name}`));
    const { schema } = world;
    const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((name) => `${type?.name}.${name}`),
    );
    expect([...asked].sort()).toEqual(fields.sort());
  });

  it('has a cell for each caller, field, place and transport', () => {
    const callers = new Set(cells.map(({ caller }) => caller.title)).size;
    const floor = matrixCallers().length * world.rootFields.length * 5 * 2;
    process.stdout.write(
      `authorization matrix: ${cells.length} cells (${callers} callers, ${world.rootFields.length} root fields, floor ${floor})\n`,
    );
    expect(callers).toBe(matrixCallers().length);
    expect(cells.length).toBeGreaterThanOrEqual(floor);
    // Each outcome occurs, or the matrix would prove nothing about it.
    expect([...new Set(cells.map(({ expected }) => expected))].sort()).toEqual(
      ['absent', 'allowed', 'forbidden', 'refused', 'there', 'unauthenticated'].sort(),
    );
  });

  it('answers each cell as the rules say (P20, CORE-09, CORE-17)', () => {
    const wrong = cells.flatMap((cell) => {
      const problem = problemOf(cell);
      return problem === undefined ? [] : [`${titleOf(cell)}: ${problem}: ${cell.text.slice(0, 400)}`];
    });
    expect(wrong.slice(0, 25)).toEqual([]);
  });

  it('would notice a thing that is shown to who may not see it', () => {
    const homeless = world.callers.find(({ title }) => title === 'homeless');
    const shown = cells.find(({ expected, question }) => expected === 'there' && question.thing.subject === 'core/Pod');
    if (!homeless || !shown) throw new Error('nothing is shown at all');
    const planted: Cell = { ...shown, caller: homeless, expected: 'absent' };
    expect(problemOf(planted)).toBe('shows what should be absent');
    expect(leaksIn(planted)).toHaveLength(1);
  });

  it('shows nobody a thing that the rules hide from them, whatever was asked (P20, refused, CORE-17)', () => {
    expect(cells.flatMap(leaksIn)).toEqual([]);
  });

  it('answers alike for what is hidden, missing and deleted', () => {
    const groups = new Map<string, Map<string, string>>();
    for (const cell of cells) {
      if (cell.expected !== 'absent') continue;
      const { caller, transport, question } = cell;
      const key = `${caller.title} ${transport} ${question.root.type}.${question.root.name} ${question.thing.subject}`;
      const group = groups.get(key) ?? new Map<string, string>();
      groups.set(key, group.set(anonymous(cell), question.thing.position));
    }
    const telling = [...groups].filter(([, answers]) => answers.size > 1).map(([key, answers]) => [key, ...answers]);
    expect(telling.slice(0, 10)).toEqual([]);
    expect(groups.size).toBeGreaterThan(100);
  });
});

/** Two administrators have the same rights: one of them is asked for both. */
const matrixCallers = () => world.callers.filter(({ title }) => title !== 'static-admin');

describe('fields with a guard of their own', () => {
  it('are known, each with what proves it (P20)', () => {
    expect(countedPlaces()).toEqual(
      Object.fromEntries(Object.entries(placesThatAsk).map(([path, { asks }]) => [path, asks])),
    );
  });

  it.each(
    guardedFields.map((field) => ({ field, name: field.name })),
  )('show $name to who may have it, and to nobody else, over both transports (P20, CORE-17)', async ({ field }) => {
    const wrong: string[] = [];
    let shown = 0;
    for (const caller of matrixCallers()) {
      for (const open of [overHttp, overWebSocket]) {
        if (!caller.isKnown && open === overWebSocket) continue;
        await using transport = open(world.gateway.url, caller.token);
        for (const { title, isShown, mayHave } of await askField(field, caller, transport)) {
          if (isShown) shown += 1;
          if (isShown !== mayHave) wrong.push(`${title}: ${isShown ? 'is shown' : 'is hidden'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(shown).toBeGreaterThan(0);
  });

  it('tell who administers the gateway what plugins have done wrong, and nobody else (P20)', async () => {
    for (const caller of matrixCallers().filter(({ isKnown }) => isKnown)) {
      const { data } = await overHttp(world.gateway.url, caller.token).request(
        '{ plugins { nodes { name warnings } } cluster(name: "alpha") { namespaceDefaults { isQuotaRequired } } }',
      );
      const { plugins, cluster } = data as unknown as {
        plugins: { nodes: { warnings: unknown }[] };
        cluster: { namespaceDefaults: unknown };
      };
      const isAdmin = caller.roles.includes('ADMIN');
      expect([caller.title, ...plugins.nodes.map(({ warnings }) => warnings !== null)]).toEqual([
        caller.title,
        ...plugins.nodes.map(() => isAdmin),
      ]);
      const mayMake = world.oracle.may(caller, 'CREATE', { subject: 'core/Namespace', cluster: 'alpha' });
      expect([caller.title, cluster.namespaceDefaults !== null]).toEqual([caller.title, mayMake]);
    }
  });
});

describe('viewerCan', () => {
  it('says of everything there is what each mutation answers (CORE-09, CORE-17)', async () => {
    const rowTypes = Object.values(world.schema.getTypeMap()).filter(
      (type) =>
        isObjectType(type) &&
        type.getInterfaces().some(({ name }) => name === 'Node') &&
        type.getInterfaces().every(({ name }) => name !== 'KubernetesObject'),
    );
    const actions = [
      ...new Set(
        world.rootFields.flatMap(({ type, guard }) => (type === 'Mutation' && 'action' in guard ? [guard.action] : [])),
      ),
    ];
    const can = actions.map((action) => `${action}: viewerCan(action: ${action})`).join(' ');
    const selection = ['KubernetesObject', ...rowTypes.map(({ name }) => name)].map(
      (name) => `... on ${name} { ${can} }`,
    );
    const ids = [...new Set(cells.flatMap(({ question: { thing } }) => (thing.exists && thing.id ? [thing.id] : [])))];
    const differing: string[] = [];
    let compared = 0;
    for (const caller of matrixCallers().filter(({ isKnown }) => isKnown)) {
      const data: Record<string, unknown> = {};
      for (const batch of chunk(ids, 1)) {
        const answer = await overHttp(world.gateway.url, caller.token).request(
          `{ ${batch.map((id) => `n${ids.indexOf(id)}: node(id: "${id}") { ...can }`).join(' ')} } fragment can on Node { ${selection.join(' ')} }`,
        );
        if (!answer.data || answer.errors) throw new Error(JSON.stringify(answer.errors));
        Object.assign(data, answer.data);
      }
      for (const cell of cells) {
        const { root, thing } = cell.question;
        if (cell.caller !== caller || root.type !== 'Mutation' || !('action' in root.guard)) continue;
        if (!thing.exists || thing.id === undefined || cell.expected === 'forbidden') continue;
        // What is made is another one: that is asked of its place, by `viewer { can }`.
        if (root.guard.action === 'CREATE') continue;
        const node = data[`n${ids.indexOf(thing.id)}`] as Readonly<Record<string, boolean>> | null;
        const isRefused = /"code":"(FORBIDDEN|NOT_FOUND)"/.test(cell.text);
        compared += 1;
        if ((node?.[root.guard.action] ?? false) === isRefused) differing.push(titleOf(cell));
      }
    }
    expect(differing.slice(0, 10)).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
  });

  it('says of what is not there yet what the rules say, in a place and anywhere (CORE-09)', async () => {
    const places = ['shop', 'team-b'].flatMap((namespace) =>
      ['alpha', 'beta'].map((cluster) => ({ cluster, namespace, subject: 'core/ConfigMap' })),
    );
    for (const caller of matrixCallers().filter(({ isKnown }) => isKnown)) {
      const asked = places.map(
        ({ cluster, namespace, subject }, index) =>
          `p${index}: can(action: CREATE, subject: "${subject}", cluster: "${cluster}", namespace: "${namespace}")`,
      );
      const { data } = await overHttp(world.gateway.url, caller.token).request(
        `{ viewer { ${asked.join(' ')} any: can(action: CREATE, subject: "core/ConfigMap") call: canCall(mutation: "createNamespace") } }`,
      );
      const expected = places.map((place) => world.oracle.may(caller, 'CREATE', place));
      expect([caller.title, data?.viewer]).toEqual([
        caller.title,
        {
          ...Object.fromEntries(expected.map((is, index) => [`p${index}`, is])),
          any: world.oracle.mayEver(caller, 'CREATE', ['core/ConfigMap']),
          call: world.oracle.mayEver(caller, 'CREATE', ['core/Namespace']),
        },
      ]);
    }
  });

  it.each([
    'can(action: CREATE, subject: "ConfigMap")',
    'can(action: CREATE, subject: "core/ConfigMap", namespace: "shop")',
    'canCall(mutation: "nothing")',
  ])('takes no question that has no answer: %s (refused)', async (field) => {
    const { errors } = await overHttp(world.gateway.url, world.admin.token).request(`{ viewer { ${field} } }`);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  });
});

/** A guarded field of everything it can be asked of. */
async function askField(field: GuardedField, caller: Caller, transport: Transport) {
  const things = field.subjects.flatMap((subject) => world.things.get(subject) ?? []);
  const answer = await transport.request(
    `{ ${things.map(({ id }, index) => `q${index}: node(id: "${id}") { ${field.selection} }`).join(' ')} }`,
  );
  return things.map((thing, index) => ({
    title: `${caller.title} asks ${field.name} over ${transport.name} of ${thing.subject} '${thing.name}' (${thing.position})`,
    isShown: field.isShown(JSON.stringify(answer.data?.[`q${index}`] ?? null)),
    mayHave: thing.exists && world.oracle.may(caller, 'READ', thing) && field.mayHave(world, caller, thing),
  }));
}

async function askEverything(): Promise<readonly Cell[]> {
  const strangers = world.callers.filter((caller) => !caller.isKnown);
  const known = matrixCallers().filter((caller) => caller.isKnown);
  const answered = [...(await Promise.all(strangers.map(askAsStranger))).flat()];
  for (const caller of known) {
    for (const open of [overHttp, overWebSocket]) {
      await using transport = open(world.gateway.url, caller.token);
      answered.push(...(await askAll(caller, transport)));
    }
  }
  return answered;
}

/**
 * Everything by HTTP. What is decided does not depend on the transport: over a WebSocket each field is asked at each place of one thing,
 * of another one for each caller; `npm run test:long` asks everything there too.
 */
function questionsFor(caller: Caller, { name }: Transport): readonly Question[] {
  if (name === 'HTTP' || process.env.LONGSHORE_TEST_LONG === '1') return questions;
  const atPlace = Map.groupBy(questions, ({ root, thing }) => `${root.type}.${root.name} ${thing.position}`);
  const turn = matrixCallers().indexOf(caller);
  return [...atPlace.values()].flatMap((group) => group[turn % group.length] ?? []);
}

/** How many questions of a kind go into one request. */
const batchSizes = { Query: 80, Mutation: 34 } as const;

async function askAll(caller: Caller, transport: Transport): Promise<readonly Cell[]> {
  const asked = questionsFor(caller, transport).map((question) => ({
    question,
    expected: expectedOutcome(world, caller, question),
  }));
  const make = (question: Question, expected: Outcome, text: string): Cell => ({
    caller,
    transport: transport.name,
    question,
    expected,
    text,
  });
  const found: Cell[] = [];
  for (const type of ['Query', 'Mutation'] as const) {
    const ofType = asked.filter(({ question }) => question.root.type === type);
    // An error in a field that cannot be null takes the whole answer with it.
    const takesAll = ({ question, expected }: (typeof asked)[number]): boolean =>
      expected === 'forbidden' || ['logFiles', 'files'].includes(question.root.name);
    const [alone = [], together = []] = [true, false].map((isAlone) =>
      ofType.filter((each) => takesAll(each) === isAlone),
    );
    for (const batch of [...alone.map((each) => [each]), ...chunk(together, batchSizes[type])]) {
      const answer = await transport.request(
        documentOf(
          type,
          batch.map(({ question }) => question),
        ),
      );
      batch.forEach(({ question, expected }, index) => {
        found.push(make(question, expected, textOf(answer, `q${index}`, batch.length)));
      });
    }
  }
  const streams = asked.filter(({ question }) => question.root.type === 'Subscription');
  for (const batch of chunk(streams, 25)) {
    const answers = await Promise.all(
      batch.map(async ({ question, expected }) => {
        const { messages } = await transport.stream(
          documentOf('Subscription', [question]),
          question.streamEnd,
          (message) => typeOf(message, 'q0') === 'SNAPSHOT',
        );
        return make(
          question,
          expected,
          JSON.stringify(messages.map((message) => JSON.parse(textOf(message, 'q0', 1)))),
        );
      }),
    );
    found.push(...answers);
  }
  return found;
}

function typeOf(message: Answer, alias: string): unknown {
  const payload = message.data?.[alias];
  return typeof payload === 'object' && payload !== null && 'type' in payload ? payload.type : undefined;
}

function documentOf(type: 'Query' | 'Mutation' | 'Subscription', batch: readonly Question[]): string {
  const fields = batch.map(
    ({ call, fragment }, index) => `q${index}: ${call}${fragment ? ` { ...${fragment.name} }` : ''}`,
  );
  const fragments = new Map(batch.flatMap(({ fragment }) => (fragment ? [[fragment.name, fragment.text]] : [])));
  return [`${type.toLowerCase()} {`, ...fields, '}', ...fragments.values()].join('\n');
}

/** What of an answer belongs to one question: its data and its errors, without what differs from request to request. */
function textOf(answer: Answer, alias: string, batchSize: number): string {
  const errors = (answer.errors ?? [])
    .filter(({ path }) => batchSize === 1 || path === undefined || path[0] === alias)
    .map(({ message, path, extensions }) => ({
      message,
      path: path?.slice(1),
      extensions: { ...extensions, requestId: undefined },
    }));
  return JSON.stringify({ data: answer.data?.[alias], errors });
}

/** Everything in one request: it must not even begin. Over a WebSocket the questions come without waiting for the ack. */
async function askAsStranger(caller: Caller): Promise<readonly Cell[]> {
  const http = overHttp(world.gateway.url, caller.token);
  const socketText = await knockOnSocket(caller);
  const found: Cell[] = [];
  for (const type of ['Query', 'Mutation', 'Subscription'] as const) {
    for (const batch of chunk(
      questions.filter(({ root }) => root.type === type),
      type === 'Subscription' ? 1 : batchSizes[type],
    )) {
      const answer = await http.request(documentOf(type, batch));
      for (const question of batch) {
        const cell = { caller, question, expected: 'unauthenticated' } as const;
        found.push({ ...cell, transport: 'HTTP', text: JSON.stringify(answer) });
        found.push({ ...cell, transport: 'WebSocket', text: socketText });
      }
    }
  }
  return found;
}

async function knockOnSocket({ token }: Caller): Promise<string> {
  const socket = new WebSocket(`${world.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const received: string[] = [];
  socket.on('message', (data) => received.push(String(data)));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('open', resolve));
  const payload = token === undefined ? {} : { authorization: `Bearer ${token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  questions.forEach((question, index) => {
    const query = documentOf(question.root.type, [question]);
    if (socket.readyState === socket.OPEN) {
      socket.send(JSON.stringify({ type: 'subscribe', id: String(index), payload: { query } }));
    }
  });
  return JSON.stringify({ code: await closed, received });
}

/** What is wrong with a cell; undefined where it is as the oracle expects. */
function problemOf({ expected, text, question }: Cell): string | undefined {
  const { mark } = question.thing;
  const isShown = mark !== undefined && text.includes(mark);
  const codes = [...text.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code);
  switch (expected) {
    case 'unauthenticated':
      if (text === '{"code":4401,"received":[]}') return undefined;
      return codes[0] === 'UNAUTHENTICATED' && !text.includes('"data"') ? undefined : 'answers a stranger';
    case 'forbidden':
      return codes[0] === 'FORBIDDEN' && !isShown ? undefined : 'is open, and should be FORBIDDEN';
    case 'there':
      return isShown && codes.length === 0 ? undefined : 'hides what may be read';
    case 'absent':
      if (isShown) return 'shows what should be absent';
      if (/"totalCount":(?!0\b)/.test(text)) return 'counts what should be absent';
      if (question.root.type === 'Mutation') return codes.includes('NOT_FOUND') ? undefined : 'should be NOT_FOUND';
      // A stream that needs more than READ refuses instead of staying empty.
      if (isAction(question)) return codes.join() === 'BAD_USER_INPUT' ? undefined : 'should be BAD_USER_INPUT';
      return codes.length === 0 ? undefined : 'tells by an error';
    case 'refused':
      return codes.includes('FORBIDDEN') ? undefined : 'should be a ForbiddenError';
    case 'allowed':
      return codes.includes('NOT_FOUND') || codes.includes('FORBIDDEN') || codes.includes('INTERNAL')
        ? 'refuses what is allowed'
        : undefined;
  }
}

function isAction({ root: { guard } }: Question): boolean {
  return 'action' in guard && guard.action !== 'READ';
}

function leaksIn(cell: Cell): readonly string[] {
  const text = withDecodedIds(cell.text);
  return hiddenFrom(cell.caller)
    .filter((thing) => thing.mark !== undefined && text.includes(thing.mark))
    .map((thing) => `${titleOf(cell)} shows ${thing.subject} '${thing.name}' (${thing.position})`);
}

const hiddenThings = new Map<string, readonly Thing[]>();

/** What the caller may not read, wherever it lies. */
function hiddenFrom(caller: Caller): readonly Thing[] {
  let hidden = hiddenThings.get(caller.title);
  if (!hidden) {
    hidden = [...world.things.values()].flat().filter((thing) => !world.oracle.may(caller, 'READ', thing));
    hiddenThings.set(caller.title, hidden);
  }
  return hidden;
}

/** The text and, behind it, what cursors and ids in it say when they are read. */
function withDecodedIds(text: string): string {
  const decoded = [...text.matchAll(/[A-Za-z0-9_-]{24,}/g)].map(([token]) =>
    Buffer.from(token, 'base64url').toString('utf8'),
  );
  return [text, ...decoded].join('\n');
}

/** The answer with what was asked for replaced: what is left must not tell one absent thing from another. */
function anonymous({ text, question: { thing } }: Cell): string {
  const replaced = [
    [thing.id, '<id>'],
    [thing.name, '<name>'],
    [thing.namespace, '<namespace>'],
    [thing.cluster, '<cluster>'],
  ].reduce((rest, [from, to]) => (from ? rest.replaceAll(from, to ?? '') : rest), text);
  return replaced.replaceAll(/"(cursor|streamCursor)":"[^"]*"/g, '"$1":"<cursor>"');
}

function titleOf({ caller, transport, question: { root, thing } }: Cell): string {
  return `${caller.title} asks ${root.type}.${root.name} over ${transport} about ${thing.subject} '${thing.name}' (${thing.position})`;
}

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
