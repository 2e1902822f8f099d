import { describe, expect, it } from 'vitest';
import type { DlpPolicy } from '@/api/types';
import { emptyForm, exceptionOf, formOf, rulesOf, scopeOf } from './policyForm';

const policy = {
  id: 'p', kind: 'restriction', reason: null, expires_at: null, notify_admin: false, name: 'Cards', description: '', enabled: true, priority: 3, severity: 'high', version: 1, created_at: '', updated_at: '',
  apply_to: { all: false, users: ['u'], teams: ['t'], templates: ['firefox'], sessions: [] },
  rules: {
    clipboard_in: {
      max_bytes: 100, filters: [{ detector: 'iban' }, { detector: 'email', action: 'warn' }, { pattern: 'PROJ-[0-9]+', name: 'project', action: 'block' }], mime_types: ['text/plain'], audit: 'metadata',
    },
    clipboard_out: { allowed: false },
    upload: { max_bytes: 1_572_864, deny_types: ['application/x-dosexec', 'application/x-executable', 'application/x-mach-binary', 'application/wasm', 'application/java-archive', 'application/x-ms-shortcut', 'application/x-rpm', 'font/ttf'], scan: true, unscanned: 'warn' },
    keys_per_second: 20,
    audio: false,
  },
} as unknown as DlpPolicy;

describe('the form of a policy', () => {
  it('says nothing when nothing was entered', () => {
    expect(rulesOf(emptyForm)).toEqual({
      clipboard_in: null, clipboard_out: null, upload: null, download: null, keys_per_second: null, keys_action: null, visible_region: null, screenshot: null, printing: null, audio: null, microphone: null, watermark: null, require_reason: null, require_approval: null,
    });
    expect(scopeOf(emptyForm)).toEqual({ all: true, users: [], teams: [], templates: [] });
  });

  it('gives back what was read, and keeps what it does not show', () => {
    const form = formOf(policy);
    expect(form.in.block).toEqual(['iban']);
    expect(form.in.warn).toEqual(['email']);
    expect(form.out.closed).toBe(true);
    expect(form.upload).toEqual({ closed: false, maxMiB: 1.5, allow: [], deny: ['programs', 'font/ttf'], scan: true, unscanned: 'warn' });
    expect(rulesOf(form, policy.rules).upload).toEqual(policy.rules.upload);
    const rules = rulesOf(form, policy.rules);
    expect(rules).toMatchObject({
      keys_per_second: 20,
      clipboard_out: { allowed: false },
      clipboard_in: {
        max_bytes: 100, mime_types: ['text/plain'], audit: 'metadata',
        filters: [{ detector: 'iban', action: 'block' }, { detector: 'email', action: 'warn' }, { name: 'project', pattern: 'PROJ-[0-9]+', action: 'block' }],
      },
    });
    expect(rules).toMatchObject({ audio: false, microphone: null, printing: null });
    expect(scopeOf(form, policy.apply_to)).toEqual({ all: false, users: ['u'], teams: ['t'], templates: ['firefox'], sessions: [] });
  });

  it('means the opposite in an exception, there and back', () => {
    const form = { ...emptyForm, kind: 'exception' as const, reason: ' audit ', expires: '2030-01-02T03:04', launchReason: true, noScreenshot: true, noPrinting: true, noAudio: true, in: { ...emptyForm.in, closed: true, lifts: true }, out: { ...emptyForm.out, maxBytes: 5, sizeAction: 'warn' as const } };
    const rules = rulesOf(form);
    expect(rules).toMatchObject({ clipboard_in: { allowed: true, filters: [] }, clipboard_out: { max_bytes: 5 }, screenshot: true, printing: true, audio: null, require_reason: false, require_approval: null });
    expect(rules.clipboard_out).not.toHaveProperty('size_action');
    expect(exceptionOf(form)).toEqual({ reason: 'audit', expires_at: new Date('2030-01-02T03:04').toISOString() });
    expect(exceptionOf(emptyForm)).toEqual({});
    const back = formOf({ ...policy, kind: 'exception', reason: 'audit', expires_at: new Date('2030-01-02T03:04').toISOString(), rules } as unknown as DlpPolicy);
    expect(back).toMatchObject({ kind: 'exception', expires: '2030-01-02T03:04', launchReason: true, launchApproval: false, noScreenshot: true, noPrinting: true, noAudio: false, in: { closed: true, lifts: true }, out: { closed: false, lifts: false } });
  });

  it('loosens what files may do in an exception, there and back', () => {
    const form = { ...emptyForm, kind: 'exception' as const, upload: { ...emptyForm.upload, closed: true, maxMiB: 5, deny: ['programs'], scan: true }, download: { ...emptyForm.download, unscanned: 'warn' as const } };
    const rules = rulesOf(form);
    expect(rules.upload).toEqual({ allowed: true, max_bytes: 5_242_880, scan: false });
    expect(rules.download).toEqual({ unscanned: 'warn' });
    const back = formOf({ ...policy, kind: 'exception', rules } as unknown as DlpPolicy);
    expect(back.upload).toMatchObject({ closed: true, maxMiB: 5, scan: true, unscanned: 'block' });
    expect(back.download).toMatchObject({ closed: false, scan: false, unscanned: 'warn' });
    expect(rulesOf({ ...emptyForm, kind: 'exception' }).upload).toBeNull();
  });

  it('warns instead of blocking where it says so', () => {
    const rules = rulesOf({ ...emptyForm, keys: 5, keysAction: 'warn', in: { ...emptyForm.in, maxBytes: 9, sizeAction: 'warn', rateAction: 'warn' } });
    expect(rules).toMatchObject({ keys_per_second: 5, keys_action: 'warn', clipboard_in: { max_bytes: 9, size_action: 'warn' } });
    expect(rules.clipboard_in).not.toHaveProperty('rate_action');
  });

  it('looks once for what is to be blocked and warned about', () => {
    const rules = rulesOf({ ...emptyForm, in: { ...emptyForm.in, block: ['iban'], warn: ['iban', 'secret'] } });
    expect(rules.clipboard_in?.filters).toEqual([{ detector: 'iban', action: 'block' }, { detector: 'secret', action: 'warn' }]);
  });
});
