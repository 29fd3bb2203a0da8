import type { StatusError } from '../api/status-error.ts';
import type { AccessAttributes, Authorizer, UserInfo } from './authorizer.ts';
import { describeRefusal, refusal } from './describe-refusal.ts';
import type { WantedUser } from './impersonation-headers.ts';

export interface Impersonator {
  /** The user to act as. Throws `StatusError` 403 when the requester may not, or not for what it wants to do. */
  impersonate(requester: UserInfo, wanted: WantedUser, request: AccessAttributes): UserInfo;
}

type Mode = 'arbitrary-node' | 'serviceaccount' | 'user-info' | 'legacy';

const modes: readonly Mode[] = ['arbitrary-node', 'serviceaccount', 'user-info', 'legacy'];
const authentication = 'authentication.k8s.io';
/** Requesters whose last mode is remembered, and with it whose refusal they are told. */
const rememberedRequesters = 1_000;

/**
 * Impersonation in its modes (KEP-5284): the constrained ones ask for `impersonate:<mode>` on the user and for
 * `impersonate-on:<mode>:<verb>` on what is to be done; the old one asks for `impersonate` on every user, group, uid and
 * extra value. What allows it is the requester's right alone, and nothing of it passes on to the user it becomes.
 */
export function createImpersonator(authorizer: Authorizer): Impersonator {
  const lastMode = new Map<string, Mode>();

  function tryMode(
    mode: Mode,
    requester: UserInfo,
    wanted: WantedUser,
    request: AccessAttributes,
  ): UserInfo | StatusError {
    const isConstrained = mode !== 'legacy';
    const checks = questionsOf(mode, wanted);
    if (isConstrained) checks.unshift({ ...request, verb: `impersonate-on:${mode}:${request.verb}` });
    for (const check of checks) {
      const decision = authorizer.authorize(requester, check);
      if (!decision.isAllowed) return refusal(check, describeRefusal(requester, check, decision.reason));
    }
    if (isConstrained && wanted.groups.includes('system:masters')) {
      const check = question('groups', 'system:masters', { verb: 'impersonate:user-info', group: authentication });
      const why = 'impersonating the system:masters group is not allowed';
      return refusal(check, describeRefusal(requester, check, why));
    }
    return effectiveUser(mode, wanted);
  }

  return {
    impersonate(requester, wanted, request) {
      const last = lastMode.get(requester.username);
      const fitting = modes.filter((mode) => fits(mode, wanted));
      const order =
        last !== undefined && fitting.includes(last) ? [last, ...fitting.filter((m) => m !== last)] : fitting;
      let first: StatusError | undefined;
      for (const mode of order) {
        const outcome = tryMode(mode, requester, wanted, request);
        if (!(outcome instanceof Error)) {
          lastMode.delete(requester.username);
          lastMode.set(requester.username, mode);
          const [oldest] = lastMode.keys();
          if (lastMode.size > rememberedRequesters && oldest !== undefined) lastMode.delete(oldest);
          return outcome;
        }
        first ??= outcome;
      }
      throw first ?? new Error('every user can be impersonated in the old mode');
    },
  };
}

/** The parts of `system:serviceaccount:<namespace>:<name>`; undefined for every other name. */
export function parseServiceAccountName(username: string): { namespace: string; name: string } | undefined {
  const match = /^system:serviceaccount:([a-z0-9]([-a-z0-9]*[a-z0-9])?):([a-z0-9]([-.a-z0-9]*[a-z0-9])?)$/.exec(
    username,
  );
  return match === null ? undefined : { namespace: match[1] ?? '', name: match[3] ?? '' };
}

/** The groups that every service account of the namespace is in. */
export function serviceAccountGroups(namespace: string): readonly string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

function fits(mode: Mode, wanted: WantedUser): boolean {
  const isNode = nodeName(wanted.username) !== undefined;
  const isAccount = parseServiceAccountName(wanted.username) !== undefined;
  const isBare = wanted.uid === '' && wanted.groups.length === 0 && Object.keys(wanted.extra).length === 0;
  switch (mode) {
    case 'arbitrary-node':
      return isNode && isBare;
    case 'serviceaccount':
      return isAccount && isBare;
    case 'user-info':
      return !isNode && !isAccount;
    case 'legacy':
      return true;
  }
}

function questionsOf(mode: Mode, wanted: WantedUser): AccessAttributes[] {
  const verb = mode === 'legacy' ? 'impersonate' : `impersonate:${mode}`;
  // The old mode asks about users and groups of the core group.
  const names = { verb, group: mode === 'legacy' ? '' : authentication };
  const account = parseServiceAccountName(wanted.username);
  const node = mode === 'legacy' ? undefined : nodeName(wanted.username);
  const questions =
    account !== undefined
      ? [{ ...question('serviceaccounts', account.name, names), namespace: account.namespace }]
      : [node === undefined ? question('users', wanted.username, names) : question('nodes', node, names)];
  if (wanted.uid !== '') questions.push(question('uids', wanted.uid, { verb, group: authentication }));
  for (const group of wanted.groups) questions.push(question('groups', group, names));
  for (const [key, values] of Object.entries(wanted.extra)) {
    for (const value of values) {
      questions.push({ ...question('userextras', value, { verb, group: authentication }), subresource: key });
    }
  }
  return questions;
}

function question(
  resource: string,
  name: string,
  { verb, group }: { readonly verb: string; readonly group: string },
): AccessAttributes {
  return { verb, group, resource, subresource: '', namespace: '', name };
}

function effectiveUser(mode: Mode, wanted: WantedUser): UserInfo {
  const account = parseServiceAccountName(wanted.username);
  let groups = [...wanted.groups];
  if (account !== undefined && groups.length === 0) groups = [...serviceAccountGroups(account.namespace)];
  if (mode === 'arbitrary-node') groups = ['system:nodes'];
  const status = wanted.username === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  if (!groups.includes(status) && !groups.includes('system:unauthenticated')) groups.push(status);
  return { ...wanted, groups };
}

function nodeName(username: string): string | undefined {
  return /^system:node:([a-z0-9]([-.a-z0-9]*[a-z0-9])?)$/.exec(username)?.[1];
}
