import { isIP, isIPv4 } from 'node:net';
import type { FieldErrors } from './field-errors.ts';

/** An IP address of either family. */
export function validateAddress(value: unknown, field: string, errors: FieldErrors): void {
  if (typeof value !== 'string' || isIP(value) === 0) {
    errors.invalid(field, value ?? '', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
  }
}

/** A range such as 10.0.0.0/8. */
export function validateRange(value: unknown, field: string, errors: FieldErrors): void {
  if (!isRange(value))
    errors.invalid(field, value ?? '', 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
}

export function isRange(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const [address = '', bits = '', ...rest] = value.split('/');
  const family = isIP(address);
  return rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

/** Addresses that mean the host itself or its link, which no endpoint and no external address may have. */
export function validateNonSpecialAddress(value: string, field: string, errors: FieldErrors): void {
  if (value === '0.0.0.0' || value === '::') errors.invalid(field, value, `may not be unspecified (${value})`);
  if (isIPv4(value) ? value.startsWith('127.') : value === '::1') {
    errors.invalid(field, value, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
  }
  if (isIPv4(value) ? value.startsWith('169.254.') : /^fe[89ab]/i.test(value)) {
    errors.invalid(field, value, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  }
  if (isIPv4(value) ? value.startsWith('224.0.0.') : /^ff[0-9a-f]2:/i.test(value)) {
    errors.invalid(field, value, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
}
