import { expect, test } from 'vitest';
import { newWatermark, sampleOf, watermarkFormOf, watermarkOf, wrongIn } from './watermarkForm';

test('a watermark is given back as it was read', () => {
  const said = { text: '{user}', image: null, opacity: 0.25, position: 'top_left', tile: false, refresh_seconds: 15 };
  expect(watermarkOf(watermarkFormOf(said))).toEqual(said);
  expect(watermarkFormOf({})).toEqual({ text: '', image: '', opacity: 30, position: 'center', tile: false, refresh: 60 });
});

test('an unknown variable is named, and so is half a brace', () => {
  expect(wrongIn('{user} {email} {ip} {time} {session}, plain')).toBeNull();
  expect(wrongIn('{user} {password}')).toEqual({ is: 'unknown', name: '{password}' });
  expect(wrongIn('{ user }')).toEqual({ is: 'unknown', name: '{ user }' });
  expect(wrongIn('{user')).toEqual({ is: 'brace' });
  expect(wrongIn('{{user}}')).toEqual({ is: 'brace' });
});

test('the preview is filled in once, and a name with braces is only a name', () => {
  const mark = sampleOf({ ...newWatermark, text: '{user} {ip}\n{time} {nobody}', opacity: 40 }, { user: '{email}', email: 'a@b' }, new Date('2026-11-26T02:03:04Z'));
  expect(mark.text).toBe('{email} 203.0.113.7\n2026-11-26 02:03:04 UTC {nobody}');
  expect(mark.opacity).toBe(0.4);
});
