import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { createFailpoints } from './failpoints.ts';
import { silentLogger } from './logger.ts';
import { definePlugin } from './manifest.ts';
import { systemPrincipal } from './principal.ts';
import { optionalService, serviceRef } from './service-ref.ts';

describe('createFailpoints', () => {
  it('does nothing where none is armed', () => {
    expect(createFailpoints().reach('a.b')).toBeUndefined();
  });

  it('runs what is armed until it is disarmed, and waits for it', async () => {
    const failpoints = createFailpoints();
    const action = vi.fn(() => Promise.reject(new Error('killed here')));
    const disarm = failpoints.arm('a.b', action);
    await expect(failpoints.reach('a.b')).rejects.toThrow('killed here');
    expect(failpoints.reach('a.c')).toBeUndefined();
    disarm();
    expect(failpoints.reach('a.b')).toBeUndefined();
    expect(action).toHaveBeenCalledOnce();
  });
});

describe('definePlugin', () => {
  const orders = serviceRef<{ list(): string[] }>('a.orders');

  it('returns the manifest unchanged', () => {
    const manifest = { name: 'a', version: '1.0.0', description: 'x' };
    expect(definePlugin(manifest)).toBe(manifest);
  });

  it('types setup by what the manifest lists', () => {
    definePlugin({
      name: 'a',
      version: '1.0.0',
      description: 'x',
      uses: { orders, maybe: optionalService(orders) },
      config: z.strictObject({ retries: z.int().default(3) }),
      setup(env, services) {
        expectTypeOf(env.config).toEqualTypeOf<{ retries: number }>();
        expectTypeOf(services.orders).toEqualTypeOf<{ list(): string[] }>();
        expectTypeOf(services.maybe).toEqualTypeOf<{ list(): string[] } | undefined>();
        // @ts-expect-error: a service that is not declared is not there
        services.other;
        // @ts-expect-error: it lacks the members of the service
        env.provide(orders, {});
      },
    });
    expect(optionalService(orders)).toEqual({ id: 'a.orders', isOptional: true });
  });
});

describe('principal', () => {
  it('lets the system do everything for ever', () => {
    expect(systemPrincipal).toMatchObject({ kind: 'SYSTEM', roles: ['ADMIN'], expiresAt: undefined });
  });
});

describe('silentLogger', () => {
  it('discards, also as a child', () => {
    const write = vi.spyOn(process.stdout, 'write');
    const child = silentLogger.child({ plugin: 'a' });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) child[level]({}, 'x');
    expect(write).not.toHaveBeenCalled();
  });
});
