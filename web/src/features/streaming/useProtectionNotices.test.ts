// @vitest-environment jsdom
import { beforeAll, describe, expect, it } from 'vitest';
import { switchLanguage } from '@/i18n';
import { noticeOf } from './useProtectionNotices';

const event = (type: string, incident: Record<string, unknown>) => ({ type, sessionId: 's', userId: 'u', timestamp: '', data: { incident }, id: 1 });
const card = { viewerId: 'v', channel: 'clipboard_in', reason: 'content', policyName: 'Cards stay in', finding: 'payment_card' };

beforeAll(() => switchLanguage('en'));

describe('the notice about what a policy blocked', () => {
  it('names the policy and the reason', () => {
    expect(noticeOf(event('dlp.blocked', card), 'v')).toBe('Not pasted. “Cards stay in” blocks it: it contains “Payment card number”.');
    expect(noticeOf(event('dlp.blocked', { ...card, channel: 'clipboard_out', reason: 'size' }), 'v')).toBe('Not copied. “Cards stay in” blocks it: it is too large.');
    expect(noticeOf(event('dlp.warned', { ...card, finding: 'project' }), 'v')).toBe('“Cards stay in” took note of it: it contains “project”.');
  });

  it('is silent about other viewers, other facts and what it does not understand', () => {
    expect(noticeOf(event('dlp.blocked', card), 'other')).toBeNull();
    expect(noticeOf(event('dlp.allowed', card), 'v')).toBeNull();
    expect(noticeOf({ ...event('dlp.blocked', card), data: {} }, 'v')).toBeNull();
    expect(noticeOf(event('dlp.blocked', { ...card, channel: 'smoke', reason: 'smoke' }), 'v')).toBe('Cards stay in: smoke');
  });
});
