package dev.quintai.core.sensitive;

import java.util.Set;

/**
 * Where persistence is planted, which addresses hand out credentials, and which programs change the
 * user. Each row cites where its fact is documented.
 */
final class DefaultPlaces {
  private static final String ATTACK = "https://attack.mitre.org/techniques/";
  private static final Set<String> PACKAGES =
      Set.of("dpkg", "rpm", "rpmdb", "dnf", "apk", "pacman", "zypper", "installer", "brew");
  private static final Set<String> SYSTEMD =
      Set.of("dpkg", "rpm", "apk", "pacman", "systemctl", "systemd", "deb-systemd-helper");

  private final TargetRows table;

  private DefaultPlaces(TargetRows table) {
    this.table = table;
  }

  static void addTo(TargetRows table) {
    DefaultPlaces targets = new DefaultPlaces(table);
    targets.persistence();
    targets.hosts();
    targets.programs();
  }

  private void persistence() {
    table.persistence(
        "launch agent or daemon",
        Set.of("installer"),
        ATTACK + "T1543/001/",
        "~/Library/LaunchAgents/**",
        "/Library/LaunchAgents/**",
        "/Library/LaunchDaemons/**");
    table.persistence(
        "systemd unit",
        SYSTEMD,
        ATTACK + "T1543/002/",
        "~/.config/systemd/user/**",
        "~/.local/share/systemd/user/**",
        "/etc/systemd/system/**",
        "/etc/systemd/user/**",
        "/etc/init.d/**",
        "/etc/rc.local");
    table.persistence(
        "crontab",
        Set.of("crontab", "dpkg", "rpm", "apk", "pacman"),
        ATTACK + "T1053/003/",
        "/etc/crontab",
        "/etc/cron.d/**",
        "/etc/cron.hourly/**",
        "/etc/cron.daily/**",
        "/etc/cron.weekly/**",
        "/etc/cron.monthly/**",
        "/var/spool/cron/**",
        "/var/at/tabs/**",
        "/usr/lib/cron/tabs/**");
    table.persistence(
        "shell profile",
        Set.of(),
        ATTACK + "T1546/004/",
        "~/.bashrc",
        "~/.bash_profile",
        "~/.bash_login",
        "~/.bash_logout",
        "~/.profile",
        "~/.zshrc",
        "~/.zshenv",
        "~/.zprofile",
        "~/.zlogin",
        "~/.zlogout",
        "~/.config/fish/config.fish",
        "~/.config/fish/conf.d/**",
        "~/.config/environment.d/**");
    table.persistence(
        "system shell profile",
        PACKAGES,
        ATTACK + "T1546/004/",
        "/etc/profile",
        "/etc/profile.d/**",
        "/etc/bash.bashrc",
        "/etc/bashrc",
        "/etc/zshrc",
        "/etc/zshenv",
        "/etc/zsh/**",
        "/etc/environment");
    table.persistence(
        "authorized SSH keys",
        Set.of("ssh-copy-id"),
        ATTACK + "T1098/004/",
        "~/.ssh/authorized_keys",
        "~/.ssh/authorized_keys2",
        "~/.ssh/rc");
    table.persistence(
        "desktop autostart",
        PACKAGES,
        ATTACK + "T1547/013/",
        "~/.config/autostart/**",
        "/etc/xdg/autostart/**",
        "~/.xprofile",
        "~/.xinitrc",
        "~/.xsession",
        "~/.xsessionrc");
    table.persistence(
        "dynamic linker preload", Set.of(), ATTACK + "T1574/006/", "/etc/ld.so.preload");
    table.persistence(
        "privilege configuration",
        Set.of("visudo", "dpkg", "rpm", "apk", "pacman"),
        ATTACK + "T1548/003/",
        "/etc/sudoers",
        "/etc/sudoers.d/**",
        "/etc/pam.d/**",
        "/etc/doas.conf");
  }

  private void hosts() {
    String aws =
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html";
    table.metadata("cloud metadata service", aws, "169.254.169.254", "fd00:ec2::254");
    table.metadata("EC2 metadata service", aws, "instance-data", "instance-data.ec2.internal");
    table.metadata(
        "ECS task credentials",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        "169.254.170.2");
    table.metadata(
        "EKS pod identity",
        "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html",
        "169.254.170.23",
        "fd00:ec2::23");
    table.metadata(
        "Google Cloud metadata server",
        "https://cloud.google.com/compute/docs/metadata/querying-metadata",
        "metadata.google.internal",
        "metadata.goog",
        "fd20:ce::254");
    table.metadata(
        "Alibaba Cloud metadata service",
        "https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata",
        "100.100.100.200");
    table.metadata(
        "Tencent Cloud metadata service",
        "https://www.tencentcloud.com/document/product/213/4934",
        "metadata.tencentyun.com",
        "169.254.0.23");
    table.metadata(
        "Oracle Cloud metadata service",
        "https://docs.oracle.com/iaas/Content/Compute/Tasks/gettingmetadata.htm",
        "fd00:c1::a9fe:a9fe");
  }

  private void programs() {
    table.privilege("https://www.sudo.ws/docs/man/sudo.man/", "sudo", "sudoedit", "sudo-rs");
    table.privilege("https://man7.org/linux/man-pages/man1/su.1.html", "su");
    table.privilege("https://man.openbsd.org/doas", "doas");
    table.privilege("https://polkit.pages.freedesktop.org/polkit/pkexec.1.html", "pkexec");
    table.privilege("https://www.freedesktop.org/software/systemd/man/latest/run0.html", "run0");
    table.scheduler("https://man7.org/linux/man-pages/man1/at.1p.html", "at", "batch");
    table.scheduler("https://man7.org/linux/man-pages/man1/crontab.1.html", "crontab");
    table.scheduler(
        "https://www.freedesktop.org/software/systemd/man/latest/systemd-run.html", "systemd-run");
  }
}
