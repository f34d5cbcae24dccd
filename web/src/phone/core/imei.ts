/** IMEIs: 14 digits and a check digit (3GPP TS 23.003, 6.2; Luhn's formula, ISO/IEC 7812-1). */

/** Luhn's check digit for digits. */
export function checkDigit(digits: string): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}

/** What a text says as an IMEI. */
export type ImeiCheck = "good" | "wrong_check_digit" | "no_check_digit" | "not_an_imei";

/** Whether digits are an IMEI: 15 with the check digit, 14 without it, or 16 with a software version. */
export function checkImei(digits: string): ImeiCheck {
  if (!/^\d{14,16}$/.test(digits) || /^0+$/.test(digits)) return "not_an_imei";
  if (digits.length !== 15) return "no_check_digit";
  return checkDigit(digits.slice(0, 14)) === Number(digits[14]) ? "good" : "wrong_check_digit";
}

/** IMEIs with the right check digit in what a code or a label says, each once, in their order. */
export function imeisIn(text: string): string[] {
  const joined = text.replace(/(?<=\d)[ \-/.](?=\d)/g, "");
  const runs = joined.match(/(?<!\d)\d{15}(?!\d)/g) ?? [];
  return [...new Set(runs)].filter((digits) => checkImei(digits) === "good");
}

/** As people compare it: `35 391805 723456 7`. */
export function spaced(digits: string): string {
  return [digits.slice(0, 2), digits.slice(2, 8), digits.slice(8, 14), digits.slice(14)].filter(Boolean).join(" ");
}
