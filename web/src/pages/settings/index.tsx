export function SettingsPage() { return <div className="page">settings</div>; }
