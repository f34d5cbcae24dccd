import { createHmac } from "node:crypto";
import { expect, test } from "@playwright/test";
import { Seat, accessible } from "./office";

test("a passkey is added, signs in, and is taken away", async ({ browser }) => {
  const seat = await Seat.take(browser, "custodian");
  const { page } = seat;
  const device = await seat.context.newCDPSession(page);
  await device.send("WebAuthn.enable");
  await device.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await seat.open("/account");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("To be filled in.")).toBeVisible();
  await page.getByLabel("Name of the passkey").fill("Exhibits desk");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("Passkey added.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Exhibits desk" })).toContainText("never used");

  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
  await seat.open("/account");
  await page.getByRole("button", { name: "Remove Exhibits desk" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No passkey.")).toBeVisible();
  await seat.leave();
});

/** The code that an authenticator shows now (RFC 6238). */
function codeNow(secret: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(secret, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const at = (digest[19] ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("an authenticator is set up by its code, asked for at the next sign-in, and taken away", async ({ browser }) => {
  const seat = await Seat.take(browser, "analyst");
  const { page } = seat;
  await seat.open("/account");
  await page.getByRole("button", { name: "Set up an app" }).click();
  await expect(page.getByRole("img", { name: "Scan this code with the app" })).toBeVisible();
  await accessible(page);
  const secret = ((await page.getByText(/^Or type this key/).locator("strong").textContent()) ?? "").replace(/\s/g, "");
  await page.getByLabel("Six-digit code").fill(codeNow(secret));
  await page.getByRole("button", { name: "Check" }).click();
  const codes = page.getByRole("status").filter({ hasText: "Recovery codes" }).getByRole("listitem");
  await expect(codes.first()).toBeVisible();
  const recovery = (await codes.first().textContent()) ?? "";

  const next = await Seat.take(browser);
  await next.page.getByLabel("Name").fill("analyst");
  await next.page.getByLabel("Password").fill(Seat.passwordOf("analyst"));
  await next.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await next.page.getByLabel("Six-digit code").fill(recovery);
  await next.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(next.page.getByRole("navigation")).toBeVisible();
  await next.open("/account");
  await next.page.getByRole("button", { name: "Remove the app" }).click();
  await next.page.getByRole("dialog").getByRole("button", { name: "Remove the app" }).click();
  await expect(next.page.getByText("The app no longer counts here.")).toBeVisible();
  await next.leave();
  await seat.leave();
});

