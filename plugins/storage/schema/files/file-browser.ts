import { podKind, podTypeRef } from 'longshore/plugins/compute';
import {
  ConflictError,
  type Instance,
  idOfObject,
  type LongshoreBuilder,
  named,
  origin,
  PreconditionError,
  type RequestContext,
  registerEnum,
  registerMutation,
  registerQuery,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import { persistentVolumeClaimTypeRef } from '../../api.ts';
import { fileBrowserIdleMinutes, fileBrowserMaxHours } from '../../profile-keys/files.ts';
import { browserPodOf } from '../../services/files/browser-pod.ts';
import { fileBrowserSettingsRef } from '../../services/files/browser-settings.ts';
import { fileBrowserStates, standingOfBrowser } from '../../services/files/browser-state.ts';
import { browserUsesRef } from '../../services/files/browser-uses.ts';
import { type ClaimObject, requireBrowsable } from '../../services/files/open-browser.ts';
import type { FileBrowserSettings } from '../../settings.ts';
import {
  type Browser,
  browseSubject,
  findBrowser,
  loadBrowsable,
  loadForBrowsing,
  mayBrowse,
  podInstance,
  profileOf,
  requireNoUsers,
} from './browsed-claim.ts';

interface Opened {
  readonly browser: Browser | undefined;
  readonly isJoined: boolean;
}

interface Closed {
  readonly claim: ClaimObject;
  readonly browser: Browser | undefined;
}

export const fileBrowserRef = typeRef<Browser>('FileBrowser');

/** The file browser of a volume (STO-21): opened, seen and closed. */
export function registerFileBrowser(builder: LongshoreBuilder): void {
  registerEnum(builder, 'FileBrowserState', 'How a file browser stands.', fileBrowserStates);
  registerType(builder);
  registerQuery(builder, {
    name: 'fileBrowser',
    description:
      'The file browser of a volume; null where it is closed. Needs BROWSE and UPDATE on the claim, and EXEC on pods of its namespace.',
    allow: { action: 'BROWSE', subject: browseSubject },
    type: fileBrowserRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }) }),
    resolve: async ({ id }, context) => {
      const { value: claim } = await loadBrowsable(String(id), context);
      const pod = await findBrowser(claim, context);
      return pod ? { claim, pod } : null;
    },
  });
  builder.objectField(persistentVolumeClaimTypeRef, 'fileBrowser', (t) =>
    t.field({
      type: fileBrowserRef,
      nullable: true,
      description: 'Its file browser; null where that is closed, and for who may not browse it.',
      resolve: async (claim, _args, context) => {
        if (!mayBrowse(claim, context)) return null;
        const pod = await findBrowser(claim, context);
        return pod ? { claim, pod } : null;
      },
    }),
  );
  registerOpen(builder);
  registerClose(builder);
}

function registerType(builder: LongshoreBuilder): void {
  builder.objectType(fileBrowserRef, {
    description:
      'The file browser of a volume: a pod that mounts the claim and shows its files, and can do nothing else. While it is there the volume is MANAGING, and what may be done to unused volumes is refused.',
    fields: (t) => ({
      claim: t.field({
        type: persistentVolumeClaimTypeRef,
        description: 'The claim, by whose id its files are named.',
        resolve: ({ claim }) => claim,
      }),
      state: t.field({
        type: named('FileBrowserState'),
        description: 'How it stands.',
        resolve: ({ pod }) => standingOfBrowser(pod).state as never,
      }),
      reason: t.string({
        nullable: true,
        description: 'Why it stands so, as Kubernetes has it, e.g. `Unschedulable` or `ErrImagePull`.',
        resolve: ({ pod }) => standingOfBrowser(pod).reason ?? null,
      }),
      message: t.string({
        nullable: true,
        description: 'The same in the words of the cluster.',
        resolve: ({ pod }) => standingOfBrowser(pod).message ?? null,
      }),
      openedAt: t.field({
        type: 'DateTime',
        description: 'When it was opened.',
        resolve: ({ pod }) => new Date(pod.metadata.creationTimestamp ?? 0),
      }),
      closesAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When it closes by itself unless it is used: `fileBrowser.idleMinutes` of the profile after its last use, or when its time is up (`fileBrowser.maxHours`). Null where it never does.',
        resolve: ({ claim, pod }, _args, context) => closesAt({ claim, pod }, context as RequestContext),
      }),
      userId: t.int({
        nullable: true,
        description: 'As which user of the operating system files are read and written.',
        resolve: ({ pod }) => pod.spec?.securityContext?.runAsUser ?? null,
      }),
      pod: t.field({
        type: podTypeRef,
        nullable: true,
        description: 'The pod behind it; null where you may not see it.',
        resolve: ({ pod }, _args, context) =>
          (context as RequestContext).access.allowed('READ', pod as Instance) ? pod : null,
      }),
    }),
  });
}

async function closesAt({ claim, pod }: Browser, context: RequestContext): Promise<Date | null> {
  const createdAt = new Date(pod.metadata.creationTimestamp ?? 0).getTime();
  const idleMinutes = profileOf(claim, context).get(fileBrowserIdleMinutes);
  const used = idleMinutes === null ? undefined : await usedAt(pod.metadata.uid ?? '', context);
  const deadlineSeconds = pod.spec?.activeDeadlineSeconds;
  const ends = [
    ...(idleMinutes === null ? [] : [Math.max(createdAt, used ?? 0) + idleMinutes * 60_000]),
    ...(deadlineSeconds === undefined ? [] : [createdAt + deadlineSeconds * 1_000]),
  ];
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

const usedAt = (podUid: string, context: RequestContext): Promise<number | undefined> =>
  context.service(browserUsesRef).usedAt(podUid);

const highestId = 2_147_483_647;

function checkIds(input: Readonly<Record<string, number | null | undefined>>): ValidationIssue[] {
  return Object.entries(input).flatMap(([name, id]) => {
    if (id === null || id === undefined || (id >= 1 && id <= highestId)) return [];
    return [
      {
        path: [name],
        code: 'out_of_range',
        message: `${name} must be 1 to ${highestId}, got ${id}: a file browser is never root`,
      },
    ];
  });
}

function registerOpen(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'openFileBrowser',
    description:
      'Opens the file browser of a volume that nothing mounts: a small pod is started that mounts the claim, in some 20 seconds. Refused with IN_USE while pods mount it; one that is open already is joined. Needs BROWSE and UPDATE on the claim, and CREATE and EXEC on pods of its namespace.',
    allow: { action: 'BROWSE', subject: browseSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      userId: t.int({
        description:
          'As which user of the operating system files are read and written: the one whose they are. Never root; the one of the settings where it is not given.',
      }),
      groupId: t.int({ description: 'As which group; the same number as the user where it is not given.' }),
      fsGroup: t.int({
        description:
          'Group that the cluster gives all files of the volume to before it is shown (`fsGroup` of a pod), where its driver can. It changes the files: without it they stay as they are.',
      }),
    }),
    validate: ({ userId, groupId, fsGroup }) => checkIds({ userId, groupId, fsGroup }),
    load: async ({ id }, context) => {
      const target = await loadForBrowsing(String(id), context);
      if (context.access.allowed('BROWSE', target.instance)) {
        context.access.requireAllowed('CREATE', podInstance(target.value));
      }
      return target;
    },
    async run({ userId, groupId, fsGroup }, claim, ticket, context) {
      const resultId = idOfObject(claim);
      const found = await findBrowser(claim, context);
      const standing = found && standingOfBrowser(found);
      if (standing?.state === 'CLOSING') {
        throw new PreconditionError(
          'FILE_BROWSER_NOT_OPEN',
          `The file browser of claim '${claim.metadata.name}' is just being closed: open it again when that is done`,
        );
      }
      await requireNoUsers(claim, context);
      if (found && standing?.state !== 'FAILED') {
        return { value: { browser: { claim, pod: found }, isJoined: true }, resultId };
      }
      requireBrowsable(claim);
      const writer = context.cluster(claim[origin].cluster).writer(context.principal);
      if (found) {
        const { namespace, name, uid } = found.metadata;
        await writer.delete(ticket, podKind, namespace, name, {
          gracePeriodSeconds: 0,
          ...(uid === undefined ? {} : { uid }),
        });
        // What is in its place is not gone in a dry run.
        if (ticket.isDryRun) return { value: { browser: undefined, isJoined: false }, resultId };
      }
      const settings: FileBrowserSettings = context.service(fileBrowserSettingsRef);
      const user = userId ?? settings.userId;
      const maxHours = profileOf(claim, context).get(fileBrowserMaxHours);
      const manifest = browserPodOf({
        claim,
        user: { userId: user, groupId: groupId ?? user, fsGroup: fsGroup ?? undefined },
        settings,
        deadlineSeconds: maxHours === null ? undefined : maxHours * 3_600,
      });
      try {
        const { object, warnings } = await writer.create(ticket, podKind, manifest);
        const recorded = [{ before: undefined, after: object }];
        const browser = ticket.isDryRun ? undefined : { claim, pod: object };
        return { value: { browser, isJoined: false }, resultId, recorded, warnings };
      } catch (error) {
        // Somebody else was faster: theirs is the one.
        const theirs = error instanceof ConflictError ? await findBrowser(claim, context) : undefined;
        if (!theirs) throw error;
        return { value: { browser: { claim, pod: theirs }, isJoined: true }, resultId };
      }
    },
    success: {
      description: 'The file browser is open, or will be in some seconds.',
      fields: (t) => ({
        fileBrowser: t.field({
          type: fileBrowserRef,
          nullable: true,
          description: 'The file browser; null in a dry run.',
          resolve: ({ value }) => (value as Opened).browser ?? null,
        }),
        isJoined: t.boolean({
          description: 'Whether it was open before.',
          resolve: ({ value }) => (value as Opened).isJoined,
        }),
      }),
    },
    replay: async (node, context): Promise<Opened | null> => {
      const claim = node as ClaimObject | null;
      if (!claim) return null;
      const pod = await findBrowser(claim, context);
      return { browser: pod && { claim, pod }, isJoined: false };
    },
  });
}

function registerClose(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'closeFileBrowser',
    description:
      'Closes the file browser of a volume, whoever opened it: its pod ends within seconds, and what is just being uploaded is not kept. Needs BROWSE and UPDATE on the claim, and EXEC on pods of its namespace.',
    allow: { action: 'BROWSE', subject: browseSubject },
    input: (t) => ({ id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }) }),
    load: ({ id }, context) => loadForBrowsing(String(id), context),
    async run(_input, claim, ticket, context) {
      const pod = await findBrowser(claim, context);
      if (!pod) {
        throw new PreconditionError(
          'FILE_BROWSER_NOT_OPEN',
          `The file browser of claim '${claim.metadata.name}' is not open`,
        );
      }
      const { cluster } = claim[origin];
      const { namespace, name, uid } = pod.metadata;
      const writer = context.cluster(cluster).writer(context.principal);
      await writer.delete(ticket, podKind, namespace, name, uid === undefined ? {} : { uid });
      const now = ticket.isDryRun ? pod : await context.kube(cluster).get(podKind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Closed = { claim, browser: left && { claim, pod: left } };
      return { value, resultId: idOfObject(claim), recorded: left ? [{ before: pod, after: left }] : [] };
    },
    success: {
      description: 'It is closed, or will be in some seconds.',
      fields: (t) => ({
        claim: t.field({
          type: persistentVolumeClaimTypeRef,
          description: 'The claim.',
          resolve: ({ value }) => (value as Closed).claim,
        }),
        fileBrowser: t.field({
          type: fileBrowserRef,
          nullable: true,
          description: 'The file browser while its pod is ending; null where it has ended.',
          resolve: ({ value }) => (value as Closed).browser ?? null,
        }),
      }),
    },
    replay: async (node, context): Promise<Closed | null> => {
      const claim = node as ClaimObject | null;
      if (!claim) return null;
      const pod = await findBrowser(claim, context);
      return { claim, browser: pod && { claim, pod } };
    },
  });
}
