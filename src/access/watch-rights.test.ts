import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import type { Principal } from '../kernel/principal.ts';
import { createRightsEvents } from './rights-events.ts';
import { watchRights } from './watch-rights.ts';

const developer: Principal = {
  id: 'token:ci',
  name: 'ci',
  kind: 'TOKEN',
  groups: [],
  roles: ['DEVELOPER'],
  namespaces: [{ cluster: '*', namespace: 'shop' }],
  expiresAt: undefined,
};

function setUp(
  principal: Principal,
  refresh: () => Promise<Principal | undefined>,
  regrant: (principal: Principal) => Principal | undefined = (same) => same,
) {
  const clock = createManualClock();
  const rights = createRightsEvents(silentLogger);
  const onChange = vi.fn<(principal: Principal) => void>();
  const onRevoked = vi.fn<(reason: 'EXPIRED' | 'REVOKED') => void>();
  const stop = watchRights({ principal, authenticator: { refresh, regrant, rights }, clock, onChange, onRevoked });
  return { clock, rights, onChange, onRevoked, stop };
}

describe('watchRights', () => {
  it('hands on the principal as it stands now when its rights change, or everybody’s', async () => {
    const narrowed = { ...developer, namespaces: [] };
    const { rights, onChange, onRevoked } = setUp(developer, async () => narrowed);
    rights.announce('token:ci');
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledWith(narrowed));
    rights.announce('all');
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
    expect(onRevoked).not.toHaveBeenCalled();
  });

  it('revokes who was signed in with what is worth nothing any more, whatever their rights are (refused)', () => {
    const { rights, onChange, onRevoked } = setUp(developer, async () => developer);
    rights.announce('token:other', true);
    expect(onRevoked).not.toHaveBeenCalled();
    rights.announce('token:ci', true);
    expect(onRevoked.mock.calls).toEqual([['REVOKED']]);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('hands it on after a change of memberships where its rights are others, and asks nobody about the token', () => {
    let current = developer;
    const refresh = vi.fn(async () => undefined);
    const { rights, onChange } = setUp(developer, refresh, () => current);
    rights.announce('memberships');
    expect(onChange).not.toHaveBeenCalled();
    current = { ...developer, memberships: [{ of: 'workspace/one', as: 'ADMIN' }] };
    rights.announce('memberships');
    rights.announce('memberships');
    expect(onChange.mock.calls).toEqual([[current]]);
    expect(refresh).not.toHaveBeenCalled();
  });

  it('hands on what memberships gave or took between sign-in and the beginning of the watch', async () => {
    const current: Principal = { ...developer, memberships: [{ of: 'workspace/one', as: 'ADMIN' }] };
    const { onChange } = setUp(
      developer,
      async () => developer,
      () => current,
    );
    expect(onChange).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(onChange.mock.calls).toEqual([[current]]));
  });

  it('revokes who was refused between sign-in and the beginning of the watch', async () => {
    const early = setUp(
      developer,
      async () => developer,
      () => undefined,
    );
    expect(early.onRevoked).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(early.onRevoked.mock.calls).toEqual([['REVOKED']]));
    expect(early.onChange).not.toHaveBeenCalled();
  });

  it('hears nothing of others', async () => {
    const refresh = vi.fn(async () => developer);
    const { rights } = setUp(developer, refresh);
    rights.announce('token:other');
    expect(refresh).not.toHaveBeenCalled();
  });

  it.each([
    ['is gone', async () => undefined],
    ['cannot be looked up', async () => Promise.reject(new Error('away'))],
  ])('revokes once where the principal %s', async (_name, refresh) => {
    const { rights, onChange, onRevoked } = setUp(developer, refresh);
    rights.announce('all');
    rights.announce('all');
    await vi.waitFor(() => expect(onRevoked).toHaveBeenCalledWith('REVOKED'));
    expect(onRevoked).toHaveBeenCalledTimes(1);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('revokes where deriving the new rights fails', async () => {
    const { rights, onChange, onRevoked } = setUp(developer, async () => developer);
    onChange.mockImplementation(() => {
      throw new Error('no ability');
    });
    rights.announce('all');
    await vi.waitFor(() => expect(onRevoked).toHaveBeenCalledWith('REVOKED'));
  });

  it('revokes at expiry, also one that lies further away than a timer reaches', () => {
    const expiresAt = createManualClock().now() + 60 * 86_400_000;
    const { clock, onRevoked } = setUp({ ...developer, expiresAt }, async () => developer);
    clock.advance(60 * 86_400_000 - 1);
    expect(onRevoked).not.toHaveBeenCalled();
    clock.advance(1);
    expect(onRevoked).toHaveBeenCalledWith('EXPIRED');
  });

  it('ends without a word', async () => {
    const { clock, rights, onChange, onRevoked, stop } = setUp(
      { ...developer, expiresAt: createManualClock().now() + 1_000 },
      async () => developer,
    );
    rights.announce('all');
    stop();
    clock.advance(10_000);
    await Promise.resolve();
    expect([onChange.mock.calls.length, onRevoked.mock.calls.length]).toEqual([0, 0]);
  });
});

describe('createRightsEvents', () => {
  it('tells every listener even where one throws', () => {
    const rights = createRightsEvents(silentLogger);
    const heard: string[] = [];
    rights.onRightsChanged(() => {
      throw new Error('broken listener');
    });
    rights.onRightsChanged((whose) => heard.push(whose));
    rights.announce('token:ci');
    expect(heard).toEqual(['token:ci']);
  });
});
